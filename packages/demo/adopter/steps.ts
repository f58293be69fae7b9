/** How one step of the test went. */
interface Outcome {
  release: string;
  name: string;
  passed: boolean;
  seconds: number;
}

/** Runs the steps one after another and keeps what the table at the end shows. */
export class Steps {
  readonly #outcomes: Outcome[] = [];
  #release = '';

  begin(release: string): void {
    this.#release = release;
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const began = Date.now();
    process.stdout.write(`${this.#release}: ${name} …\n`);
    const record = (passed: boolean) =>
      this.#outcomes.push({
        release: this.#release,
        name,
        passed,
        seconds: Math.round((Date.now() - began) / 1000),
      });
    try {
      const result = await work();
      record(true);
      return result;
    } catch (error) {
      record(false);
      throw error;
    }
  }

  table(): string {
    const width = Math.max(4, ...this.#outcomes.map(one => one.name.length));
    const line = (release: string, name: string, how: string, time: string) =>
      `${release.padEnd(9)}  ${name.padEnd(width)}  ${how}  ${time.padStart(
        7,
      )}\n`;
    const total = this.#outcomes.reduce((sum, one) => sum + one.seconds, 0);
    return [
      line('Backstage', 'step', '    ', 'seconds'),
      ...this.#outcomes.map(({ release, name, passed, seconds }) =>
        line(release, name, passed ? 'pass' : 'FAIL', String(seconds)),
      ),
      line('', 'total', '    ', String(total)),
    ].join('');
  }
}
