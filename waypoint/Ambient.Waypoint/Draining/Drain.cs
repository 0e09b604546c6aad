using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening;
using Ambient.Waypoint.Listening.Gateways;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Draining;

/// <summary>
/// How a replica leaves without a failed request, in order:
/// <list type="number">
/// <item>everything goes on, until callers have heard that it is not ready any more;</item>
/// <item>callers are asked to go elsewhere: GOAWAY on tunnels and on HTTP/2 inside of them, <c>Connection: close</c> on HTTP/1.1 answers; whoever comes
/// all the same is served;</item>
/// <item>in the last quarter of the time, or when nothing is open, idle connections end too;</item>
/// <item>what is left when the time is over is cut.</item>
/// </list>
/// </summary>
internal sealed class Drain(WaypointContext context, FrontServer front, FrontApplication application, TunnelConnections connections, ILogger log)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    internal async Task RunAsync(TunnelListener tunnels, TunnelHandler handler, GatewaySockets gateway, GatewayConnections gatewayConnections)
    {
        WaypointConfig config = context.Config;
        long started = context.Time.GetTimestamp();
        TimeSpan whole = config.DrainTime;
        DrainLog.Leaving(log, handler.Open, whole.TotalSeconds);
        TimeSpan notice = config.LeaveTime < whole / 2 ? config.LeaveTime : whole / 2;
        await WaitAsync(() => false, started, notice);
        application.Leave();
        await tunnels.AnnounceEndAsync();
        await connections.LeaveAsync();
        await gateway.StopAcceptingAsync();
        await gatewayConnections.LeaveAsync();
        await WaitAsync(() => handler.Open == 0, started, whole - ((whole - notice) / 4));
        TimeSpan rest = whole - context.Time.GetElapsedTime(started);
        using var limit = new CancellationTokenSource(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, context.Time);
        await front.StopAsync(limit.Token);
        await WaitAsync(() => handler.Open == 0, started, whole);
        DrainLog.Left(log, handler.Open);
        await connections.CutAsync();
    }

    private async Task WaitAsync(Func<bool> condition, long started, TimeSpan until)
    {
        while (!condition() && context.Time.GetElapsedTime(started) < until)
        {
            await Task.Delay(s_look, context.Time, CancellationToken.None);
        }
    }
}
