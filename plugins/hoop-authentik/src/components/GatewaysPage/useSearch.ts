import { useSearchParams } from 'react-router-dom';

/** What the address says; a change of it replaces the entry in the history. @internal */
export function useSearch() {
  const [search, setSearch] = useSearchParams();
  const narrow = (change: Record<string, string | undefined>) =>
    setSearch(
      before => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(change)) {
          if (value) {
            after.set(name, value);
          } else {
            after.delete(name);
          }
        }
        return after;
      },
      { replace: true },
    );
  return { search, narrow };
}
