using System.Globalization;
using Ambient.Benchmarks;
using Ambient.Benchmarks.Control;
using Ambient.Benchmarks.L7;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Objects;

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["hold", var target, var count] => await HeldConnections.HoldAsync(target, int.Parse(count, CultureInfo.InvariantCulture), stop.Token),
    ["control", .. var options] => await ControlCommand.RunAsync(options, stop.Token),
    ["http2" or "grpc", var target, var count, var seconds] => await Http2Load.LoadAsync(
        target, int.Parse(count, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture), args[0] == "grpc", stop.Token),
    ["grpc-server", var port] => await GrpcServer.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), stop.Token),
    ["objects"] => CachedObjects.Run(20_000),
    ["l4", .. var options] => await L4Command.RunAsync(options, stop.Token),
    ["l7", .. var options] => await L7Command.RunAsync(options, stop.Token),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ambient-bench l4 [--rounds N] [--seconds N] [--only direct,haproxy,nginx,ztunnel] | l7 [--rounds N] [--seconds N] [--only direct,haproxy,nginx,waypoint,routes] [--loads http1_1,...] [--variant NAME[@FOLDER][,VARIABLE=VALUE]...] | control [--sizes 1000,10000] [--proxies N] [--policies N] | objects");
    return 2;
}
