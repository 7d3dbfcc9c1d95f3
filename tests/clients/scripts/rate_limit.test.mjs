// A client that asks too often.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connect, refused, toServer } from './server.mjs'

test('too many requests are refused, and the answer says for how long', async () => {
  const answers = []
  const client = connect({
    fetch: async (...request) => {
      const response = await toServer(...request)
      answers.push(response)
      return response
    }
  })
  for (let left = 4; left >= 0; left--) {
    await client.skus.list()
    assert.equal(answers.at(-1).headers.get('x-ratelimit-remaining'), String(left))
  }
  await refused(client.skus.list(), 429, 'TOO_MANY_REQUESTS')
  assert.ok(Number(answers.at(-1).headers.get('retry-after')) > 0)
})
