using System.IO.Pipelines;
using Ambient.Discovery.Grpc;
using Envoy.Service.Discovery.V3;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ambient.Discovery.Publishing;

/// <summary>DeltaAggregatedResources, served: one task reads requests, one writes responses; the first that ends, ends the call.</summary>
internal sealed partial class DiscoveryCall(MeshPublisher publisher, ICallerAuthenticator authenticator, ILogger logger)
{
    public async Task RunAsync(HttpContext context, CancellationToken ct)
    {
        Caller caller = await BearerToken.RequireAsync(context, authenticator, ct);
        ProxyStream stream = publisher.Connect(caller);
        Log.Connected(logger, caller.Namespace, caller.PodName, caller.Node);
        try
        {
            using var age = new CancellationTokenSource(Jittered(publisher.Options.MaxStreamAge), publisher.Time);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(ct, age.Token);
            await context.Response.StartAsync(ct);
            Task reading = ReadAsync(stream, context.Request.BodyReader, end.Token);
            Task writing = WriteAsync(stream, context.Response.BodyWriter, end.Token);
            Task first = await Task.WhenAny(reading, writing);
            await end.CancelAsync();
            await Task.WhenAll(reading, writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Ours to end: the stream is old, or the proxy has closed its side. Anything else is the call's outcome.
            if (!age.IsCancellationRequested)
            {
                await first;
            }
        }
        finally
        {
            publisher.Disconnect(stream);
            Log.Disconnected(logger, caller.Namespace, caller.PodName);
        }
    }

    private async Task ReadAsync(ProxyStream stream, PipeReader input, CancellationToken ct)
    {
        while (await GrpcFrame.ReadAsync(input, DeltaDiscoveryRequest.Parser, publisher.Options.MaxRequestBytes, ct) is { } request)
        {
            if (publisher.Take(stream, request) is { } refused)
            {
                Log.Refused(logger, stream.NodeId, request.TypeUrl, refused);
            }
        }
    }

    private async Task WriteAsync(ProxyStream stream, PipeWriter output, CancellationToken ct)
    {
        while (await stream.Wakes.WaitToReadAsync(ct))
        {
            stream.Wakes.TryRead(out _);
            while (publisher.Next(stream) is { } response)
            {
                response.WriteTo(output);
                FlushResult flushed = await output.FlushAsync(ct);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }
        }
    }

    private static TimeSpan Jittered(TimeSpan age) => age * (0.9 + (0.2 * Random.Shared.NextDouble()));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "proxy {Namespace}/{Pod} on {Node} follows the mesh", EventName = "ProxyConnected")]
        public static partial void Connected(ILogger logger, string @namespace, string pod, string node);

        [LoggerMessage(2, LogLevel.Information, "proxy {Namespace}/{Pod} left", EventName = "ProxyDisconnected")]
        public static partial void Disconnected(ILogger logger, string @namespace, string pod);

        [LoggerMessage(3, LogLevel.Warning, "proxy {NodeId} refused {TypeUrl}: {Reason}", EventName = "ProxyRefused")]
        public static partial void Refused(ILogger logger, string nodeId, string typeUrl, string reason);
    }
}
