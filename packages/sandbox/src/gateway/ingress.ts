import { createServer } from 'node:http';
import { closeServer, listen, ServerHooks, withHooks } from '../http/server';
import { GatewayRuntime } from './runtime';

/** The public address of the gateway. @internal */
export interface Ingress {
  url: string;
  close(): Promise<void>;
}

const unavailable = `<html>
<head><title>503 Service Temporarily Unavailable</title></head>
<body>
<center><h1>503 Service Temporarily Unavailable</h1></center>
<hr><center>sandbox ingress</center>
</body>
</html>
`;

/** Forwards to whichever gateway pod is serving, and answers as an ingress does while none is. @internal */
export async function startIngress(
  runtime: GatewayRuntime,
  options: ServerHooks & { port: number },
): Promise<Ingress> {
  const server = createServer(
    withHooks(
      options,
      async (req, res) => {
        const application = runtime.current();
        if (application) {
          application(req, res);
          return;
        }
        res.writeHead(503, { 'content-type': 'text/html' });
        res.end(unavailable);
      },
      (_error, res) => {
        if (!res.headersSent) {
          res.writeHead(502, { 'content-type': 'text/html' });
        }
        res.end();
      },
    ),
  );
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => closeServer(server),
  };
}
