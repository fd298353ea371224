/** The mark: a light box with ribs on it. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="2" y="4" width="28" height="24" rx="5" fill="var(--ng-line)" />
      <rect x="5" y="7" width="22" height="18" rx="2.5" fill="var(--ng-lightbox)" />
      <path
        d="M16 9v14M16 11.5c-2.6 0-4.4 1-5.2 2.4M16 11.5c2.6 0 4.4 1 5.2 2.4M16 15c-3 0-5 .9-5.9 2.2M16 15c3 0 5 .9 5.9 2.2M16 18.5c-2.6 0-4.5.8-5.4 2M16 18.5c2.6 0 4.5.8 5.4 2"
        stroke="#0f766e"
        strokeWidth="1.5"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}
