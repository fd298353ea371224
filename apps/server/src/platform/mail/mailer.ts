import { createTransport } from 'nodemailer';

/** Where mail is handed over, and in whose name. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with name and password where the server asks for them. */
  readonly url: string;
  readonly from: string;
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly { readonly name: string; readonly type: string; readonly content: Buffer }[];
}

export interface Mailer {
  /** Resolves when the mail server has taken it. Fails with an error of the connection or of the server's refusal. */
  send(mail: Mail): Promise<void>;
}

const WAIT_MS = 10_000;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Mail by SMTP (RFC 5321). Across a network it is handed over by TLS only: what is sent opens accounts. */
export function createMailer({ url, from }: MailSettings): Mailer {
  const { hostname, password, port, protocol, username } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replaceAll(/[[\]]/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: !secure && !LOOPBACK.has(hostname),
    ...(username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: WAIT_MS,
    greetingTimeout: WAIT_MS,
    socketTimeout: WAIT_MS,
    // A text never names a file or an address to be fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text, attachments = [] }) => {
      // An object, not a list to be parsed: one address is one recipient, whatever signs stand in it.
      const files = attachments.map(({ name, type, content }) => ({ filename: name, contentType: type, content }));
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, attachments: files });
    },
  };
}
