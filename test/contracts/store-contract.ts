/** Everything that a Store promises. Each implementation runs all of it, and the counts must be equal. */
import { appendContract } from './store/append.contract.ts'
import { booksContract } from './store/books.contract.ts'
import { bucketsContract } from './store/buckets.contract.ts'
import { capsContract } from './store/caps.contract.ts'
import { concurrencyContract } from './store/concurrency.contract.ts'
import { documentsContract } from './store/documents.contract.ts'
import { durabilityContract } from './store/durability.contract.ts'
import { graphContract } from './store/graph.contract.ts'
import { findingsContract } from './store/findings.contract.ts'
import { spotsContract } from './store/spots.contract.ts'
import { importContract } from './store/import.contract.ts'
import { inboxContract } from './store/inbox.contract.ts'
import { leasesContract } from './store/leases.contract.ts'
import { outcomesContract } from './store/outcomes.contract.ts'
import { outboxContract } from './store/outbox.contract.ts'
import { outboxQueuesContract } from './store/outbox-queues.contract.ts'
import { projectFiguresContract } from './store/project-figures.contract.ts'
import { projectionsContract } from './store/projections.contract.ts'
import { readyOrderContract } from './store/ready-order.contract.ts'
import type { MakeHarness } from './store-harness.ts'

export const storeContract = (make: MakeHarness): void => {
  appendContract(make)
  outcomesContract(make)
  concurrencyContract(make)
  projectionsContract(make)
  readyOrderContract(make)
  capsContract(make)
  graphContract(make)
  findingsContract(make)
  spotsContract(make)
  importContract(make)
  booksContract(make)
  projectFiguresContract(make)
  inboxContract(make)
  outboxContract(make)
  outboxQueuesContract(make)
  leasesContract(make)
  bucketsContract(make)
  documentsContract(make)
  durabilityContract(make)
}
