// Runs before the first paint so that the chosen room and language are right at once.
(() => {
  let choice = 'system';
  let locale = '';
  try {
    choice = localStorage.getItem('ng.theme') ?? 'system';
    locale = localStorage.getItem('ng.locale') ?? '';
  } catch {
    // Storage may be forbidden; the system's setting is then used.
  }
  const dim = location.pathname === '/app/worklist' || location.pathname.startsWith('/app/studies/');
  // The landing page is a light box in a dark room, whatever the desk.
  const isLanding = location.pathname === '/';
  const light =
    !isLanding && (choice === 'light' || (choice === 'system' && !dim && matchMedia('(prefers-color-scheme: light)').matches));
  document.documentElement.dataset.theme = light ? 'light' : 'dark';
  document.documentElement.lang = locale === 'en' || (locale === '' && !navigator.language.startsWith('fr')) ? 'en' : 'fr';
})();
