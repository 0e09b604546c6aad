using System.Runtime.InteropServices;
using Ambient.Proxy.Hosting;
using Ambient.Waypoint.Hosting;

SocketEngine.Configure();
using ITimer workers = Workers.Keep(TimeProvider.System);
WaypointConfig config;
try
{
    config = WaypointConfigReader.FromEnvironment();
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"waypoint: {e.Message}");
    return 2;
}

using var loggers = new LineLogger(config.LogLevel, config.JsonLog, Console.Error, TimeProvider.System);
var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);

try
{
    await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 32 * 1024);
    await using var node = new WaypointNode(WaypointParts.Make(config, loggers, output, TimeProvider.System), loggers);
    await node.StartAsync();
    await ended.Task;
    await node.DrainAsync();
    return 0;
}
catch (Exception e) when (e is IOException or FormatException or ArgumentException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"waypoint: cannot start: {e.Message}");
    return 1;
}

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}
