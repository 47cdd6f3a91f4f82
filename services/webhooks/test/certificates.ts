import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Signs certificates of servers; issued by itself. */
export interface Authority extends Certificate {
  issue(dnsName: string, validity?: Partial<Validity>): Certificate;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const hour = 3_600_000;
const around = (now: number): Validity => ({ from: new Date(now - hour), to: new Date(now + hour) });

export function authority(commonName: string): Authority {
  const { publicKey, privateKey } = newKeys();
  const signer = { commonName, privateKey };
  const cert = certificate({
    signer,
    commonName,
    publicKey,
    extensions: [isAuthority],
    ...around(Date.now()),
  });
  return {
    cert,
    key: pem(privateKey),
    issue(dnsName, validity = {}) {
      const keys = newKeys();
      const extensions = [subjectAlternative(dnsName)];
      const subject = { commonName: dnsName, publicKey: keys.publicKey, extensions };
      return {
        cert: certificate({ signer, ...subject, ...around(Date.now()), ...validity }),
        key: pem(keys.privateKey),
      };
    },
  };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Contents extends Validity {
  readonly signer: { readonly commonName: string; readonly privateKey: KeyObject };
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

let serial = 0;

/** RFC 5280, section 4.1, in DER. */
function certificate({ signer, commonName, publicKey, extensions, from, to }: Contents): string {
  const body = sequence(
    der(0xa0, integer(2)),
    integer(++serial),
    sequence(ecdsaWithSha256),
    name(signer.commonName),
    sequence(time(from), time(to)),
    name(commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signed = sequence(body, sequence(ecdsaWithSha256), bits(sign('sha256', body, signer.privateKey)));
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** Tag, length, value. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const { length } = value;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), value]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const bits = (value: Buffer) => der(0x03, Buffer.from([0]), value);
const id = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const time = (at: Date) => der(0x18, Buffer.from(`${at.toISOString().replace(/\D/g, '').slice(0, 14)}Z`));
const name = (commonName: string) =>
  sequence(der(0x31, sequence(id('550403'), der(0x0c, Buffer.from(commonName)))));

const ecdsaWithSha256 = id('2a8648ce3d040302');
const always = der(0x01, Buffer.from([0xff]));
/** basicConstraints, critical. */
const isAuthority = sequence(id('551d13'), always, der(0x04, sequence(always)));
const subjectAlternative = (dnsName: string) =>
  sequence(id('551d11'), der(0x04, sequence(der(0x82, Buffer.from(dnsName)))));
