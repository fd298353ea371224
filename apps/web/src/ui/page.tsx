import { X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { cx } from './cx.ts';
import { useDebounced } from './use-debounced.ts';

interface PageHeadProps {
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
  /** The width of the page below, where that is not the whole. */
  readonly width?: string;
}
/** The width of a page of cards one below the other, which stand in two columns where there is room for them. */
export const CARDS = 'max-w-3xl min-[2600px]:max-w-[98rem]';
/** The width of a page that is read. */
export const PAGE = 'max-w-5xl min-[2600px]:max-w-[84rem]';
/** The width of a page of lists and figures beside each other, which takes more of a screen that has it. */
export const WIDE = 'max-w-6xl min-[2600px]:max-w-[98rem]';
/** The width of a page of pictures. */
export const WIDEST = 'max-w-7xl min-[2600px]:max-w-[110rem]';
/** The cards of such a page. */
export const Cards = ({ children }: { children: ReactNode }) => <div className="ng-cards">{children}</div>;

/** Title, count and actions above a page. */
export function PageHead({ title, aside, children, width = '' }: PageHeadProps) {
  return (
    <div
      className={`flex min-h-14 w-full shrink-0 flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-3 pb-2 ${width === '' ? '' : `mx-auto ${width}`}`}
    >
      <h1 className="text-lg font-semibold">{title}</h1>
      {aside}
      <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:gap-1.5 max-sm:[&>:is(button,a)]:px-2.5">{children}</div>
    </div>
  );
}

/** A page that scrolls as a whole, of readable width. */
export function Scroll({ children, width = PAGE }: { children: ReactNode; width?: string }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className={`mx-auto w-full ${width} px-4 pb-10`}>{children}</div>
    </div>
  );
}

/** A few filters after the search field: what has no room goes to the next line. Many of them are folded (folded-filters.tsx). */
export function FilterRow({ children }: { children: ReactNode }) {
  return <div className="flex min-w-0 flex-wrap items-center gap-2 max-lg:w-full">{children}</div>;
}

interface SearchBoxProps {
  readonly value: string;
  readonly label: string;
  readonly placeholder: string;
  readonly onChange: (value: string) => void;
  readonly isPageSearch?: boolean;
  /** Two of them stand beside each other on a phone. */
  readonly isHalf?: boolean;
}
/** Searches as one types, once the typing rests for 150 ms. */
export function SearchBox({ value, label, placeholder, onChange, isPageSearch = true, isHalf = false }: SearchBoxProps) {
  const [typed, setTyped] = useState(value);
  const settled = useDebounced(typed);
  // The address may change by other means (a cleared filter, the browser's back button).
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a rested typing is an event here.
  useEffect(() => {
    if (settled !== value && settled === typed) onChange(settled);
  }, [settled]);
  return (
    <div className={cx('relative min-w-40 flex-1 sm:max-w-xs sm:min-w-48', isHalf ? 'max-sm:basis-2/5' : 'max-sm:basis-full')}>
      <input
        type="search"
        data-page-search={isPageSearch ? '' : undefined}
        aria-label={label}
        placeholder={placeholder}
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          if (typed !== '') setTyped('');
          else event.currentTarget.blur();
        }}
        className="ng-field ng-field-small pr-9 [&::-webkit-search-cancel-button]:hidden"
      />
      {typed !== '' && <ClearButton onClick={() => setTyped('')} />}
    </div>
  );
}

function ClearButton({ onClick }: { onClick: () => void }) {
  const t = useText('common');
  return (
    <button
      type="button"
      aria-label={t('clear')}
      className="absolute inset-y-0 right-0 flex w-9 items-center justify-center text-dim hover:text-text"
      onClick={onClick}
    >
      <X size={15} />
    </button>
  );
}
