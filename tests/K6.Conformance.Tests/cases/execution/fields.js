// What k6/execution tells.
import exec from 'k6/execution';
export const options = { scenarios: { s: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } };
export default function () {
  console.log(exec.scenario.name, exec.scenario.executor, exec.scenario.iterationInInstance, exec.scenario.iterationInTest, exec.scenario.progress >= 0, typeof exec.scenario.startTime);
  console.log(exec.instance.iterationsCompleted, exec.instance.iterationsInterrupted, exec.instance.vusActive, exec.instance.vusInitialized, typeof exec.instance.currentTestRunDuration);
  console.log(exec.vu.idInInstance, exec.vu.idInTest, exec.vu.iterationInInstance, exec.vu.iterationInScenario);
}
