/** Passes a target to the process of the test runner, in a variable of its environment. */
export function handOverIn<T>(variable: string): {
  handOver(target: T): void;
  takeOver(): T;
} {
  return {
    handOver(target) {
      process.env[variable] = JSON.stringify(target);
    },
    takeOver() {
      const given = process.env[variable];
      if (!given) {
        throw new Error('Run contract/main.ts, which says what to run on.');
      }
      return JSON.parse(given);
    },
  };
}
