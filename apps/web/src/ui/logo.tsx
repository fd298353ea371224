/** The mark: a light box with a film on it. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="2.5" y="1" width="27" height="30" rx="5" fill="#27303a" />
      <rect x="5" y="3.5" width="22" height="25" rx="2.8" fill="var(--ng-lightbox)" />
      <rect x="8" y="6.5" width="16" height="19" rx="1.6" fill="#12161b" />
      <path
        d="M16 8.6v14.8M14.4 11.4c-2.6-1.2-4.3-.2-4.4 2.2M17.6 11.4c2.6-1.2 4.3-.2 4.4 2.2M14.4 15.2c-2.6-1.2-4.3-.2-4.4 2.2M17.6 15.2c2.6-1.2 4.3-.2 4.4 2.2M14.4 19c-2.6-1.2-4.3-.2-4.4 2.2M17.6 19c2.6-1.2 4.3-.2 4.4 2.2"
        stroke="#2dd4bf"
        strokeWidth="1.35"
        strokeLinecap="round"
        fill="none"
      />
    </svg>
  );
}
