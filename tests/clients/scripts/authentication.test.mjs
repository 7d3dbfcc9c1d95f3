// js-auth and the SDK over https, each as it comes: nothing stands between them and the server.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  authenticate, getCoreApiBaseEndpoint, jwtDecode, jwtIsIntegration, jwtIsSalesChannel, jwtIsWebApp,
  jwtVerify, makeIntegration, revoke
} from '@commercelayer/js-auth'
import { clToken } from '@commercelayer/cli-core'
import { CommerceLayer } from '@commercelayer/sdk/bundle'

import { refused, server } from './server.mjs'

const { clientId, clientSecret, domain, organization } = server
const credentials = { clientId, clientSecret, domain }

const opens = accessToken => CommerceLayer({ accessToken }).skus.list()

test('credentials give a token that the SDK needs nothing beside', async () => {
  const given = await authenticate('client_credentials', credentials)
  assert.equal(given.errors, undefined)
  assert.equal(given.tokenType, 'bearer')
  assert.equal(given.expiresIn, 7200)
  assert.equal(given.scope, 'market:all')
  assert.ok(given.expires > new Date())
  const client = CommerceLayer({ accessToken: given.accessToken })
  assert.equal(client.currentOrganization, organization)
  assert.equal((await client.organization.retrieve()).slug, organization)
})

test('a token says whose it is', async () => {
  const { accessToken } = await authenticate('client_credentials', credentials)
  const { header, payload } = jwtDecode(accessToken)
  assert.equal(header.alg, 'RS512')
  assert.ok(jwtIsIntegration(payload))
  assert.equal(jwtIsSalesChannel(payload), false)
  assert.equal(payload.organization.slug, organization)
  assert.equal(payload.application.kind, 'integration')
  assert.equal(payload.application.public, false)
  assert.equal(payload.test, true)
  assert.equal(payload.iss, `https://auth.${domain}`)
  assert.equal(payload.exp - payload.iat, 7200)
  assert.equal(getCoreApiBaseEndpoint(accessToken), `https://${organization}.${domain}`)
})

test('a token is verified with the published keys', async () => {
  const { accessToken } = await authenticate('client_credentials', credentials)
  const { payload } = await jwtVerify(accessToken)
  assert.equal(payload.organization.slug, organization)

  const [header, body, signature] = accessToken.split('.')
  const claims = JSON.parse(atob(body))
  claims.test = false
  const forged = [header, btoa(JSON.stringify(claims)).replaceAll('=', ''), signature].join('.')
  await assert.rejects(jwtVerify(forged), { name: 'InvalidTokenError' })
  await refused(opens(forged), 401, 'INVALID_TOKEN')
  await assert.rejects(
    jwtVerify(process.env.LONGSHORE_TEST_TOKEN_EXPIRED), { name: 'TokenExpiredError' }
  )
  await jwtVerify(process.env.LONGSHORE_TEST_TOKEN_EXPIRED, { ignoreExpiration: true })
})

test('a wrong secret, an unknown client and an unknown grant are told', async () => {
  for (const wrong of [{ clientSecret: 'wrong' }, { clientId: 'nobody' }]) {
    const { errors } = await authenticate('client_credentials', { ...credentials, ...wrong })
    assert.equal(errors.length, 1)
    assert.equal(errors[0].title, 'invalid_client')
    assert.equal(errors[0].code, 'UNAUTHORIZED')
    assert.equal(errors[0].status, 401)
  }
  const { errors } = await authenticate('password', {
    ...credentials, username: 'ada@example.com', password: 'secret'
  })
  assert.equal(errors[0].title, 'unsupported_grant_type')
})

test('a web application renews its token', async () => {
  const webapp = {
    clientId: process.env.LONGSHORE_TEST_WEBAPP_ID,
    clientSecret: process.env.LONGSHORE_TEST_WEBAPP_SECRET,
    domain
  }
  const first = await authenticate('client_credentials', webapp)
  assert.ok(jwtIsWebApp(jwtDecode(first.accessToken).payload))
  const second = await authenticate('refresh_token', { ...webapp, refreshToken: first.refreshToken })
  assert.equal(second.errors, undefined)
  await opens(second.accessToken)
  const { errors } = await authenticate('refresh_token', {
    ...webapp, refreshToken: first.refreshToken
  })
  assert.equal(errors[0].title, 'invalid_grant')
})

test('a revoked token opens nothing', async () => {
  const { accessToken } = await authenticate('client_credentials', credentials)
  await opens(accessToken)
  const stranger = await revoke({
    clientId: process.env.LONGSHORE_TEST_WEBAPP_ID,
    clientSecret: process.env.LONGSHORE_TEST_WEBAPP_SECRET,
    token: accessToken
  })
  assert.equal(stranger.errors[0].title, 'unauthorized_client')
  await opens(accessToken)
  assert.deepEqual(await revoke({ clientId, clientSecret, token: accessToken }), {})
  await refused(opens(accessToken), 401, 'INVALID_TOKEN')
})

test('js-auth keeps a token and asks again when it has none', async () => {
  const kept = new Map()
  const integration = makeIntegration(credentials, {
    storage: {
      getItem: async key => kept.get(key) ?? null,
      setItem: async (key, value) => { kept.set(key, value) },
      removeItem: async key => { kept.delete(key) }
    }
  })
  const first = await integration.getAuthorization()
  assert.equal((await integration.getAuthorization()).accessToken, first.accessToken)
  await integration.revokeAuthorization()
  await refused(opens(first.accessToken), 401, 'INVALID_TOKEN')
  assert.notEqual((await integration.getAuthorization()).accessToken, first.accessToken)
})

test('the terminal client logs in and out', async () => {
  const login = { clientId, clientSecret, domain, slug: organization }
  // Its scopes are joined by commas.
  for (const scope of [undefined, 'market:all', ['market:all', 'stock_location:code:north']]) {
    const { accessToken } = await clToken.getAccessToken({ ...login, scope })
    assert.equal(clToken.getTokenEnvironment(accessToken), 'test')
    assert.equal((await CommerceLayer({ accessToken }).application.retrieve()).kind, 'integration')
    await clToken.revokeAccessToken(login, accessToken)
    await refused(opens(accessToken), 401, 'INVALID_TOKEN')
  }
  await assert.rejects(
    clToken.getAccessToken({ ...login, clientSecret: 'wrong' }), /Unable to get access token/
  )
})

test('the SDK renews an expired token by itself', async () => {
  const client = CommerceLayer({
    accessToken: process.env.LONGSHORE_TEST_TOKEN_EXPIRED,
    refreshToken: async () =>
      (await authenticate('client_credentials', credentials)).accessToken
  })
  assert.equal((await client.application.retrieve()).kind, 'integration')
})

test('the links of a document lead back to the server', async () => {
  const { accessToken } = await authenticate('client_credentials', credentials)
  const url = `https://${organization}.${domain}/api/price_lists`
  const headers = { Authorization: `Bearer ${accessToken}` }
  await CommerceLayer({ accessToken }).price_lists.create({ name: 'Linked', currency_code: 'EUR' })
  const list = await (await fetch(url, { headers })).json()
  const { links } = list.data[0]
  assert.ok(links.self.startsWith(`${url}/`))
  const one = await (await fetch(links.self, { headers })).json()
  assert.equal(one.data.attributes.name, 'Linked')
})
