import { expect } from 'chai'
import { createPrometheus, type Prometheus } from '../../../src/infrastructure/telemetry/prometheus.ts'
import { createSummed, type Summed } from '../../../src/infrastructure/telemetry/summed.ts'

describe('what several processes have counted', () => {
  let processes: Prometheus[]
  let summed: Summed

  beforeEach(() => {
    processes = [createPrometheus(), createPrometheus()]
    summed = createSummed(() => Promise.all(processes.map(({ counted }) => counted())))
  })

  const answered = ({ observer }: Prometheus, times: number): void => {
    for (let n = 0; n < times; n += 1) observer.request({ correlationId: 'c', method: 'GET', route: '/', status: 200, milliseconds: 3 })
  }
  const shown = async (): Promise<number> =>
    Number(/^stockstream_http_request_duration_seconds_count\{method="GET",route="\/",status="200"\} (\d+)/m.exec(await summed.text())?.[1])

  it('is added up', async () => {
    answered(processes[0]!, 2)
    answered(processes[1]!, 3)
    expect(await shown()).to.equal(5)
    expect(await summed.text()).to.match(/stockstream_http_request_duration_seconds_bucket\{le="0.005",method="GET",route="\/",status="200"\} 5/)
  })

  it('does not fall where one of them ends, and goes on from there with its successors', async () => {
    answered(processes[0]!, 2)
    for (let n = 1; n <= 3; n += 1) {
      answered(processes[1]!, 3)
      await summed.keep(await processes[1]!.counted())
      processes[1] = createPrometheus()
      expect(await shown()).to.equal(2 + 3 * n)
    }
  })

  it('says of memory and the like what is there, and not what was', async () => {
    const handles = async (): Promise<number> => Number(/^nodejs_active_resources\{type="Timeout"\} (\d+)/m.exec(await summed.text())?.[1] ?? 0)
    const before = await handles()
    await summed.keep(await processes[1]!.counted())
    expect(await handles()).to.be.closeTo(before, 4)
  })
})
