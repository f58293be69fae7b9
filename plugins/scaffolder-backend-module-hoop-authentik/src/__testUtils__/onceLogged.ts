/** Makes something happen once, when a line of the log says that the time has come. @internal */
export function onceLogged(pattern: RegExp, act: () => Promise<void>) {
  let acted: Promise<void> | undefined;
  return {
    onLog: (line: string) => {
      if (pattern.test(line)) {
        acted ??= act();
      }
    },
    /** Fails the test where it never happened. */
    async happened() {
      expect(acted).toBeDefined();
      await acted;
    },
  };
}
