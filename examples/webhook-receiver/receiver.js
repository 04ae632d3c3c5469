/**
 * Receives webhooks: checks each delivery's signature, takes each event once and in order, and writes it to standard
 * output as a line of JSON. Run it with WEBHOOK_SECRET=whsec_… node receiver.js; PORT is 4010 unless told.
 */
import { createServer } from 'node:http'
import process from 'node:process'
import { buffer } from 'node:stream/consumers'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

const { PORT = '4010', WEBHOOK_SECRET = '' } = process.env
const webhook = new Webhook(WEBHOOK_SECRET)

/** Ids that are done with. A real receiver keeps them where it keeps what it makes of the events, in one transaction. */
const done = new Set()

const server = createServer((request, response) => {
  receive(request).then(
    (status) => response.writeHead(status).end(),
    (error) => response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end(),
  )
})

/** The status that answers it: 2xx is a receipt, so it is given once the event is safe. */
async function receive(request) {
  if (request.method !== 'POST') return 405
  // The signature is over the bytes as they came.
  const event = webhook.verify(await buffer(request), request.headers)
  if (done.has(event.id)) return 200
  process.stdout.write(`${JSON.stringify(event)}\n`)
  done.add(event.id)
  return 200
}

server.listen(Number(PORT), '127.0.0.1', () => process.stderr.write(`Receiving at http://127.0.0.1:${server.address().port}/\n`))
