import { Request, Response, Router } from 'express';
import { SignJWT } from 'jose';
import { asynchronous, sendMessage } from '../authentication';
import { GatewayUser } from '../database';
import { GatewayInstance } from '../instance';
import { missingFields, recordAt } from './body';

function hasBody(req: Request): boolean {
  return Number(req.headers['content-length'] ?? 0) > 0;
}

async function issueToken(
  { database }: GatewayInstance,
  user: GatewayUser,
  res: Response,
): Promise<void> {
  const token = await new SignJWT({ email: user.email })
    .setProtectedHeader({ alg: 'EdDSA' })
    // Accounts are looked up by their subject, which a sign-in with OpenID overwrites: it ends local sign-in.
    .setSubject(user.email)
    .setIssuedAt()
    .setExpirationTime('12h')
    .sign(database.signingKeys.privateKey);
  database.remember(token);
  res.set('Token', token);
}

/** @internal */
export function localAuthRoutes(instance: GatewayInstance): Router {
  const { database } = instance;
  const router = Router({ strict: true });
  router.post(
    '/localauth/register',
    asynchronous(async (req, res) => {
      if (!hasBody(req)) {
        sendMessage(res, 400, 'EOF');
        return;
      }
      const { email, password, name } = recordAt(req.body);
      const missing = missingFields('LocalUserRequest', {
        Email: email,
        Password: password,
      });
      if (
        missing ||
        typeof email !== 'string' ||
        typeof password !== 'string'
      ) {
        sendMessage(res, 400, missing ?? 'json: cannot unmarshal');
        return;
      }
      if (database.userByEmail(email)) {
        sendMessage(res, 409, 'user already exists');
        return;
      }
      if (database.users.length > 0) {
        sendMessage(
          res,
          403,
          'unable to register new users, please contact your administrator',
        );
        return;
      }
      if (instance.method() !== 'local') {
        sendMessage(res, 500, 'failed generating token');
        return;
      }
      // The case of the address is kept as typed, unlike at an OIDC sign-in.
      const user = database.addUser({
        subject: email,
        email,
        name: typeof name === 'string' ? name : email,
        status: 'active',
        verified: true,
        groups: [instance.roles.admin],
        password,
      });
      await issueToken(instance, user, res);
      res.status(201).json({ message: 'User created successfully' });
    }),
  );
  router.post(
    '/localauth/login',
    asynchronous(async (req, res) => {
      const { email, password } = recordAt(req.body);
      const problem = hasBody(req)
        ? missingFields('LocalUserRequest', {
            Email: email,
            Password: password,
          })
        : 'EOF';
      if (problem) {
        res
          .status(400)
          .type('text/plain')
          .end(JSON.stringify({ message: problem }));
        return;
      }
      const user = database.userByEmail(String(email ?? ''));
      if (!user) {
        sendMessage(res, 404, 'user not found');
        return;
      }
      // An inactive account signs in all the same; its requests are refused afterwards.
      if (!user.password || user.password !== password) {
        sendMessage(res, 401, 'invalid credentials');
        return;
      }
      if (instance.method() !== 'local') {
        sendMessage(res, 500, 'failed to generate token');
        return;
      }
      await issueToken(instance, user, res);
      res.json({ status: 'ok' });
    }),
  );
  return router;
}
