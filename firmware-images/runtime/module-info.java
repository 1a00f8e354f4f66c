/**
 * The agent and all that it needs, shrunk, as one module of its runtime image. The export makes it a root of the module graph when the
 * program is started from the class path (JEP 261), which the class-data archive asks for. It is open because libraries look for their
 * resources through the class loader.
 */
open module org.keyfleet.device {
  requires java.logging;
  requires jdk.crypto.ec;
  requires jdk.net;

  exports org.keyfleet.agent.cli;

  uses org.eclipse.paho.mqttv5.client.spi.NetworkModuleFactory;

  provides java.lang.System.LoggerFinder with
      org.keyfleet.agent.log.DeviceLog;
  provides org.eclipse.paho.mqttv5.client.spi.NetworkModuleFactory with
      org.eclipse.paho.mqttv5.client.internal.TCPNetworkModuleFactory,
      org.eclipse.paho.mqttv5.client.internal.SSLNetworkModuleFactory;
}
