using System.IO.Pipelines;
using Ambient.Core.Workloads;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Hbone.Relay;
using Ambient.Waypoint.Hosting;
using Ambient.Waypoint.Listening;
using Ambient.Waypoint.Requests;
using Ambient.Waypoint.Telemetry.Metrics;
using Ambient.Waypoint.Upstreams;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Connections;

/// <inheritdoc cref="IPassThrough"/>
internal sealed class PassThrough(WaypointContext context, ConnectionRouter router, UpstreamDialer dialer) : IPassThrough
{
    private readonly ILogger _log = context.Loggers.CreateLogger("ambient.connections");

    public async Task RelayAsync(HboneStream stream, RequestConnection connection, bool isTls, string? serverName, CancellationToken ct)
    {
        Upstream? upstream = null;
        try
        {
            upstream = await OpenAsync(connection, isTls, serverName, ct);
            await RelayAsync(stream, upstream, connection, ct);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SeriesOf(connection, upstream?.Endpoint).CountFailed();
            ConnectionLog.Failed(_log, connection.Source, connection.Port, e.Message);
            stream.Reset(ErrorCode.ConnectError);
        }
        finally
        {
            await CloseAsync(upstream);
        }
    }

    public async Task<bool> RelayIfServerSpeaksAsync(HboneStream stream, RequestConnection connection, CancellationToken patience, CancellationToken ct)
    {
        Upstream? upstream = null;
        try
        {
            upstream = await OpenAsync(connection, isTls: false, null, patience);
            if (!await ServerSpeaksFirstAsync(stream.Input, upstream.Pipes.Input, patience))
            {
                return false;
            }

            await RelayAsync(stream, upstream, connection, ct);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Not allowed or not there: then it only matters if this becomes a connection without HTTP, and is said then.
            return false;
        }
        finally
        {
            await CloseAsync(upstream);
        }
    }

    private static async Task<bool> ServerSpeaksFirstAsync(PipeReader client, PipeReader server, CancellationToken patience)
    {
        Task<ReadResult> fromClient = client.ReadAsync(CancellationToken.None).AsTask();
        Task<ReadResult> fromServer = server.ReadAsync(CancellationToken.None).AsTask();
        await using (patience.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), server))
        {
            await Task.WhenAny(fromClient, fromServer);
        }

        bool clientSpoke = fromClient.IsCompleted;
        await StopAsync(client, fromClient);
        await StopAsync(server, fromServer);
        return !clientSpoke;
    }

    // Whoever did not speak is asked to stop waiting; what was read stays for the next reader.
    private static async Task StopAsync(PipeReader reader, Task<ReadResult> reading)
    {
        if (!reading.IsCompleted)
        {
            reader.CancelPendingRead();
        }

        ReadResult said = await reading;
        reader.AdvanceTo(said.Buffer.Start, said.Buffer.Start);
        Opening.Uncancel(reader);
    }

    private async ValueTask<Upstream> OpenAsync(RequestConnection connection, bool isTls, string? serverName, CancellationToken ct)
    {
        ConnectionRoute route = router.Route(context.Mesh.Current, connection, isTls, serverName);
        UpstreamKey key = route.Key ?? throw new UpstreamDialException(UpstreamDialFailure.Denied, route.Refusal);
        return new Upstream(await UpstreamStream.OpenAsync(dialer, key, connection.Source, ct), route.Endpoint);
    }

    private ConnectionSeries SeriesOf(RequestConnection connection, Workload? endpoint) =>
        context.Telemetry.Connections.Of(connection.CallerWorkload, connection.Caller.VerifiedId, connection.Service, endpoint);

    private async Task RelayAsync(HboneStream stream, Upstream upstream, RequestConnection connection, CancellationToken ct)
    {
        ConnectionSeries series = SeriesOf(connection, upstream.Endpoint);
        series.CountOpened();
        var bytes = new RelayCounters();
        try
        {
            await upstream.Stream.RelayAsync(stream, bytes, ct);
        }
        finally
        {
            series.CountClosed(sent: bytes.ToApp, received: bytes.FromApp);
        }
    }

    private static ValueTask CloseAsync(Upstream? upstream) => upstream is null ? ValueTask.CompletedTask : upstream.Stream.DisposeAsync();

    private sealed record Upstream(UpstreamStream Stream, Workload? Endpoint)
    {
        internal IDuplexPipe Pipes => Stream.Pipes;
    }
}
