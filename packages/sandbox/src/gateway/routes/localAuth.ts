import { randomUUID } from 'node:crypto';
import { Response, Router } from 'express';
import { SignJWT } from 'jose';
import { asynchronous, sendMessage } from '../authentication';
import { GatewayUser } from '../database';
import { GatewayInstance } from '../instance';
import { recordAt } from './body';

async function issueToken(
  instance: GatewayInstance,
  user: GatewayUser,
  res: Response,
  status: number,
): Promise<void> {
  if (instance.method() !== 'local') {
    sendMessage(res, 500, 'failed to generate token');
    return;
  }
  const token = await new SignJWT({ email: user.email })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(user.subject)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(instance.database.signingKeys.privateKey);
  instance.database.remember(token);
  res.status(status).set('Token', token).json({});
}

/** @internal */
export function localAuthRoutes(instance: GatewayInstance): Router {
  const { database } = instance;
  const router = Router({ strict: true });
  router.post(
    '/localauth/register',
    asynchronous(async (req, res) => {
      const { email, password, name } = recordAt(req.body);
      if (typeof email !== 'string' || typeof password !== 'string') {
        sendMessage(res, 422, 'email and password are required');
        return;
      }
      if (database.userByEmail(email)) {
        sendMessage(res, 409, `user already exists with email ${email}`);
        return;
      }
      if (database.users.length > 0) {
        sendMessage(res, 403, 'registration is closed');
        return;
      }
      // The case of the address is kept as typed, unlike at an OIDC sign-in.
      const user = database.addUser({
        subject: randomUUID(),
        email,
        name: typeof name === 'string' ? name : email,
        status: 'active',
        verified: true,
        groups: [instance.roles.admin],
        password,
      });
      await issueToken(instance, user, res, 201);
    }),
  );
  router.post(
    '/localauth/login',
    asynchronous(async (req, res) => {
      const { email, password } = recordAt(req.body);
      const user = database.userByEmail(String(email ?? ''));
      if (
        !user?.password ||
        user.password !== password ||
        user.status !== 'active'
      ) {
        sendMessage(res, 401, 'invalid credentials');
        return;
      }
      await issueToken(instance, user, res, 200);
    }),
  );
  return router;
}
