package org.keyfleet.agent.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keyfleet.transport.SelectorLoop;
import org.keyfleet.transport.local.LocalSocketClient;

/** The whole agent in this process, with a GCKS that does not answer. */
class AgentRuntimeTest {
  private static final long WAIT_SECONDS = 60;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path directory;

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicReference<AgentRuntime> runtime = new AtomicReference<>();

  @SuppressWarnings("NullAway.Init")
  private SelectorLoop loop;

  @SuppressWarnings("NullAway.Init")
  private DatagramSocket gcks;

  @BeforeEach
  void startAgent() throws Exception {
    gcks = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    AgentFixture device = new AgentFixture(directory, gcks.getLocalPort());
    loop = SelectorLoop.start("test-links");
    CountDownLatch open = new CountDownLatch(1);
    Thread owner = new Thread(() -> own(device, open), "test-owner");
    owner.setDaemon(true);
    owner.start();
    assertTrue(open.await(WAIT_SECONDS, TimeUnit.SECONDS));
    assertNotNull(runtime.get());
  }

  private void own(AgentFixture device, CountDownLatch open) {
    try (AgentRuntime opened = AgentRuntime.open(device.config, loop)) {
      runtime.set(opened);
      open.countDown();
      opened.run();
      ended.complete(null);
    } catch (Throwable e) {
      open.countDown();
      ended.completeExceptionally(e);
    }
  }

  @AfterEach
  void stopAgent() throws Exception {
    AgentRuntime running = runtime.get();
    if (running != null) {
      running.stop();
    }
    ended.handle((nothing, fault) -> fault).get(WAIT_SECONDS, TimeUnit.SECONDS);
    gcks.close();
  }

  private JsonObject ask(String line) throws Exception {
    try (LocalSocketClient client = LocalSocketClient.connect(directory.resolve("control"))) {
      client.send(line);
      String answer = client.receive(TimeUnit.SECONDS.toMillis(WAIT_SECONDS));
      assertNotNull(answer);
      return JsonParser.object().from(answer);
    }
  }

  /** nanojson recurses: such a line used up the owner thread's stack and ended the agent. */
  @Test
  void aLineOfBracketsIsAnsweredWithAnError() throws Exception {
    for (String line : new String[] {"{\"a\":".repeat(10_000), "{\"a\":" + "[".repeat(60_000)}) {
      JsonObject answer = ask(line);
      assertFalse(answer.getBoolean("ok"));
      assertEquals(2, answer.getInt("exit"));
    }
    JsonObject status = ask("{\"command\":\"status\"}");
    assertTrue(status.getBoolean("ok"));
    assertEquals("present", status.getString("tokenState"));
    JsonObject group = status.getArray("groups").getObject(0);
    assertEquals("registering", group.getString("state"));
    assertEquals("multicast", group.getString("transport"));
    assertEquals(0, group.getInt("faults"));
  }

  @Test
  void whatIsNotSentIsNotSaidToBe() throws Exception {
    JsonObject answer = ask("{\"command\":\"send\",\"group\":\"fleet\",\"payload\":\"AAAA\"}");
    assertFalse(answer.getBoolean("ok"));
    assertEquals(1, answer.getInt("exit"));
  }

  /** A deaf agent that looks alive is worse than one that its supervisor starts anew. */
  @Test
  void theAgentEndsWhenItsNetworkThreadDoes() throws Exception {
    loop.execute(
        () -> {
          throw new StackOverflowError("made on purpose by a test");
        });
    try {
      ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("ended without a word");
    } catch (ExecutionException e) {
      Throwable cause = assertInstanceOf(EndedException.class, e.getCause());
      assertTrue(String.valueOf(cause.getMessage()).contains("network thread"));
    }
  }

  @Test
  void stopEndsIt() throws Exception {
    java.util.Objects.requireNonNull(runtime.get()).stop();
    ended.get(WAIT_SECONDS, TimeUnit.SECONDS);
  }
}
