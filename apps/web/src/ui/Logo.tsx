/** The mark of Viaggio: a path from one point to the next. Decoration beside a word, so it has no name of its own. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#3d4fd1" />
      <path
        d="M8 9.5 L14.2 21.2 a2 2 0 0 0 3.6 0 L20.6 16"
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="8" cy="9.5" r="2.9" fill="#fff" />
      <circle cx="23.2" cy="11" r="3.6" fill="none" stroke="#fff" strokeWidth="2.6" />
    </svg>
  )
}
