// A certified OpenID provider (npm oidc-provider) set up as ours has to be: code + PKCE, resource indicators with JWT
// access tokens, refresh rotation, revocation, client credentials, both logouts. State lives in memory.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const setup = JSON.parse(readFileSync(0, 'utf8'));
const issuer = `http://127.0.0.1:${setup.port}`;
const people = setup.people;

async function aKey(kid) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, use: 'sig', alg: 'ES256' };
}

const keys = [await aKey('first')];

function claimsOf(subject) {
  const person = people[subject] ?? {};
  return { realm_access: { roles: person.roles ?? [] }, organisation: person.organisation ?? '' };
}

function configuration() {
  return {
    jwks: { keys },
    cookies: { keys: ['only for tests'] },
    clients: setup.clients,
    claims: { openid: ['sub'] },
    scopes: ['openid', 'offline_access'],
    pkce: { required: () => true },
    rotateRefreshToken: () => true,
    issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
    ttl: { AccessToken: setup.seconds, ClientCredentials: 60, IdToken: 300, RefreshToken: 3600, Session: 3600, Grant: 3600 },
    findAccount: (_, id) => (people[id] ? { accountId: id, claims: async () => ({ sub: id }) } : undefined),
    extraTokenClaims: (_, token) => claimsOf(token.accountId ?? token.clientId),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid offline_access');
      grant.addResourceScope(setup.resource, '');
      await grant.save();
      return grant;
    },
    // it guards itself against addresses inside; in these tests everything is inside
    fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => setup.resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '', audience: setup.audience, accessTokenTTL: setup.seconds, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  };
}

let provider;
let handle;
function begin() {
  provider = new Provider(issuer, configuration());
  provider.on('server_error', (_, error) => console.error(error));
  handle = provider.callback();
}
begin();

async function form(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

createServer(async (request, response) => {
  const url = new URL(request.url, issuer);
  try {
    if (url.pathname.startsWith('/interaction/')) {
      const { prompt } = await provider.interactionDetails(request, response);
      if (request.method === 'GET') {
        response.setHeader('content-type', 'text/html');
        response.end(`<form method="post"><input name="login"><input type="submit" value="${prompt.name}"></form>`);
        return;
      }
      const login = (await form(request)).get('login');
      const result = people[login] ? { login: { accountId: login } } : { error: 'access_denied' };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } else if (url.pathname === '/test/rotate' && request.method === 'POST') {
      keys.unshift(await aKey(`key-${keys.length + 1}`));
      begin();
      response.end('rotated');
    } else {
      handle(request, response);
    }
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
    response.end(String(error));
  }
}).listen(setup.port, '127.0.0.1', () => console.log('ready'));
