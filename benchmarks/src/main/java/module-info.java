/** The demonstration run and the measurements. */
module org.keyfleet.benchmarks {
  requires static org.jspecify;
}
