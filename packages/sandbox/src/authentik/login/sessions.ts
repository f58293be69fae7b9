import type { User } from '../store/model';
import { randomHex } from '../support/random';
import type { RawRequest } from '../support/http';

/** @internal */
export const SESSION_COOKIE = 'authentik_session';

/**
 * An authorization that waits for the user's consent.
 *
 * @internal
 */
export interface PendingConsent {
  flowSlug: string;
  header: string;
  permissions: { name: string; id: string }[];
  token: string;
  /** Consent was given earlier or just now; one more step and the flow is over. */
  granted: boolean;
  remember: () => void;
  /** Issues the code; returns where to go. */
  complete: () => Promise<string>;
}

/** @internal */
export interface Session {
  id: string;
  user?: User;
  /** Seconds since the epoch. */
  authTime: number;
  /** Shown to clients as `sid`. */
  sid: string;
  /** Steps of the sign-in, in the order of the default flow. */
  step: 'identification' | 'password' | 'checks' | 'login';
  username?: string;
  /** The authorize URL whose `prompt=login` this sign-in answered. */
  freshFor?: string;
  consent?: PendingConsent;
}

/** @internal */
export class Sessions {
  readonly #sessions = new Map<string, Session>();

  find(request: RawRequest): Session | undefined {
    return this.#sessions.get(request.cookies.get(SESSION_COOKIE) ?? '');
  }

  findOrCreate(request: RawRequest): Session {
    return this.find(request) ?? this.create();
  }

  create(): Session {
    const session: Session = {
      id: randomHex(32),
      authTime: 0,
      sid: randomHex(64),
      step: 'identification',
    };
    this.#sessions.set(session.id, session);
    return session;
  }

  /** A new id after the sign-in, so that one planted before is worth nothing. */
  signIn(session: Session, user: User): void {
    this.#sessions.delete(session.id);
    session.id = randomHex(32);
    session.user = user;
    session.authTime = Math.floor(Date.now() / 1000);
    session.step = 'identification';
    session.username = undefined;
    this.#sessions.set(session.id, session);
  }

  end(session: Session): void {
    this.#sessions.delete(session.id);
  }

  reset(): void {
    this.#sessions.clear();
  }
}

/** @internal */
export function sessionCookie(session: Session): string {
  return `${SESSION_COOKIE}=${session.id}; HttpOnly; Path=/; SameSite=Lax`;
}

/**
 * The cookies of a finished sign-in.
 *
 * @internal
 */
export function signedInCookies(session: Session): string[] {
  return [
    `authentik_device=${randomHex(32)}; HttpOnly; Path=/; SameSite=Lax`,
    `authentik_csrf=${randomHex(32)}; Path=/; SameSite=Lax`,
    sessionCookie(session),
  ];
}
