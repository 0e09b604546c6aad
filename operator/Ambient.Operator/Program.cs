using System.Runtime.InteropServices;
using Ambient.Operator;
using Microsoft.Extensions.Logging;

OperatorConfig config;
try
{
    config = OperatorConfigReader.Read();
}
catch (OperatorConfigException e)
{
    await Console.Error.WriteLineAsync($"ambient-operator: {e.Message}");
    return 2;
}

using ILoggerFactory loggers = LoggerFactory.Create(logging => logging
    .AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
    })
    .SetMinimumLevel(config.LogLevel)
    .AddFilter("Microsoft", LogLevel.Warning));
using var stop = new CancellationTokenSource();
using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await using OperatorHost host = OperatorHost.Build(config, loggers: loggers);
await host.RunAsync(stop.Token);
return 0;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
