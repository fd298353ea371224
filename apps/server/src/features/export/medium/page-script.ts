/** Runs in any browser of the last ten years, from a disc: no module, no request, no dependency. */
export const PAGE_SCRIPT = `
(function () {
  var contents = JSON.parse(document.getElementById('contents').textContent);
  var french = !/^en/i.test(navigator.language || 'fr');
  var words = french
    ? { born: 'né(e) le', number: 'dossier', made: 'remis le', image: 'Image', of: 'sur', light: 'Luminosité', contrast: 'Contraste',
        notice: 'Aperçu pour consultation, pas pour le diagnostic. Les images d’origine (DICOM) sont dans le dossier DICOM : un lecteur médical les ouvre par le fichier DICOMDIR.',
        missing: [' fichier n’a pas pu être copié.', ' fichiers n’ont pas pu être copiés.'], none: 'Aucun aperçu pour cette série.', document: 'Document', images: ['image', 'images'], undated: 'Sans date' }
    : { born: 'born', number: 'record', made: 'handed over on', image: 'Image', of: 'of', light: 'Brightness', contrast: 'Contrast',
        notice: 'A preview, not for diagnosis. The original images (DICOM) are in the folder DICOM: a medical viewer opens them by the file DICOMDIR.',
        missing: [' file could not be copied.', ' files could not be copied.'], none: 'No preview of this series.', document: 'Document', images: ['image', 'images'], undated: 'No date' };
  document.documentElement.lang = french ? 'fr' : 'en';
  function at(id) { return document.getElementById(id); }
  function day(text) {
    var parts = /^(\\d{4})-(\\d{2})-(\\d{2})$/.exec(text || '');
    return parts ? (french ? parts[3] + '/' + parts[2] + '/' + parts[1] : Number(parts[3]) + ' ' + ['Jan','Feb','Mar','Apr','May','Jun','Jul','Aug','Sep','Oct','Nov','Dec'][parts[2] - 1] + ' ' + parts[1]) : '';
  }
  var patient = contents.patient;
  document.title = patient.name;
  at('patient').textContent = patient.name;
  at('facts').textContent = [patient.birthDate ? words.born + ' ' + day(patient.birthDate) : '', words.number + ' ' + patient.number, contents.site, words.made + ' ' + day(contents.madeOn)].filter(Boolean).join(' · ');
  at('notice').textContent = words.notice + (contents.missing > 0 ? ' ' + contents.missing + words.missing[contents.missing > 1 ? 1 : 0] : '');
  at('sliceLabel').textContent = words.image;
  at('lightLabel').textContent = words.light;
  at('contrastLabel').textContent = words.contrast;
  var shown, index = 0, nav = at('series'), picture = at('picture'), slice = at('slice');
  function paint() {
    var count = shown ? shown.pictures.length : 0;
    picture.style.visibility = count > 0 ? 'visible' : 'hidden';
    if (count > 0) picture.src = shown.pictures[index];
    picture.alt = count > 0 ? shown.title + ', ' + words.image + ' ' + (index + 1) : '';
    at('caption').textContent = count > 0 ? words.image + ' ' + (index + 1) + ' ' + words.of + ' ' + count : shown ? words.none : '';
    slice.max = Math.max(0, count - 1);
    slice.value = index;
    slice.disabled = count < 2;
  }
  function go(to) {
    if (!shown) return;
    index = Math.min(Math.max(0, to), Math.max(0, shown.pictures.length - 1));
    paint();
  }
  function choose(series, button) {
    var current = nav.querySelector('[aria-current=true]');
    if (current) current.removeAttribute('aria-current');
    button.setAttribute('aria-current', 'true');
    shown = series;
    index = 0;
    paint();
  }
  var first;
  contents.studies.forEach(function (study) {
    var heading = document.createElement('h2');
    heading.textContent = [day(study.date) || words.undated, study.title].filter(Boolean).join(' · ');
    nav.appendChild(heading);
    study.series.forEach(function (series) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = series.title || series.modality;
      var facts = document.createElement('small');
      facts.textContent = series.modality + ' · ' + series.files + ' ' + words.images[series.files === 1 ? 0 : 1];
      if (series.pictures.length > 0 || series.documents.length === 0) {
        button.appendChild(facts);
        button.addEventListener('click', function () { choose(series, button); });
        nav.appendChild(button);
        if (!first && series.pictures.length > 0) first = [series, button];
      }
      series.documents.forEach(function (address, number) {
        var link = document.createElement('a');
        link.href = address;
        link.target = '_blank';
        link.rel = 'noopener';
        link.textContent = (series.title || words.document) + (series.documents.length > 1 ? ' ' + (number + 1) : '') + ' (PDF)';
        nav.appendChild(link);
      });
    });
  });
  if (first) choose(first[0], first[1]); else paint();
  slice.addEventListener('input', function () { go(Number(slice.value)); });
  function filter() { picture.style.filter = 'brightness(' + at('light').value + '%) contrast(' + at('contrast').value + '%)'; }
  at('light').addEventListener('input', filter);
  at('contrast').addEventListener('input', filter);
  at('stage').addEventListener('wheel', function (event) { event.preventDefault(); go(index + (event.deltaY > 0 ? 1 : -1)); }, { passive: false });
  document.addEventListener('keydown', function (event) {
    if (event.target && event.target.type === 'range') return;
    var step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step) { event.preventDefault(); go(index + step); }
    if (event.key === 'Home') go(0);
    if (event.key === 'End') go(1e9);
  });
})();
`;
