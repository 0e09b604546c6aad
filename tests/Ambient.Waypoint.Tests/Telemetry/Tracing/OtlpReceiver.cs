using System.Buffers.Binary;
using System.Net;
using System.Threading.Channels;
using Ambient.Core.Telemetry;
using Ambient.Waypoint.Tests.Lab;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Ambient.Waypoint.Tests.Telemetry.Tracing;

/// <summary>Takes spans by OTLP/HTTP or OTLP/gRPC on a loopback address.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<SentSpan> _spans = Channel.CreateUnbounded<SentSpan>();
    private readonly TracingProtocol _protocol;

    private OtlpReceiver(TracingProtocol protocol, IPAddress address)
    {
        _protocol = protocol;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            address, 4317, listen => listen.Protocols = protocol == TracingProtocol.Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(TakeAsync);
        Provider = new TracingProvider(TracingProvider.DefaultName, $"{address}:4317", protocol);
    }

    internal TracingProvider Provider { get; }

    internal static async Task<OtlpReceiver> StartAsync(TracingProtocol protocol)
    {
        var receiver = new OtlpReceiver(protocol, Loopback.Next());
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next of them, in whatever order they come.</summary>
    internal async Task<SentSpan[]> TakeAsync(int count, CancellationToken ct)
    {
        List<SentSpan> spans = [];
        while (spans.Count < count)
        {
            spans.Add(await _spans.Reader.ReadAsync(ct));
        }

        return [.. spans];
    }

    /// <summary>None has come that was not taken.</summary>
    internal bool IsEmpty => _spans.Reader.Count == 0;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        byte[] message = body.ToArray();
        if (_protocol == TracingProtocol.Grpc)
        {
            // One byte of compression, four of length, the message (gRPC over HTTP/2, Length-Prefixed-Message).
            Assert.Equal(("/opentelemetry.proto.collector.trace.v1.TraceService/Export", "application/grpc", 0), (http.Request.Path.Value, http.Request.ContentType, message[0]));
            Assert.Equal(message.Length - 5, (int)BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(1)));
            message = message[5..];
        }
        else
        {
            Assert.Equal(("/v1/traces", "application/x-protobuf"), (http.Request.Path.Value, http.Request.ContentType));
        }

        foreach (SentSpan span in SentSpan.Of(message))
        {
            _spans.Writer.TryWrite(span);
        }

        if (_protocol == TracingProtocol.Grpc)
        {
            http.Response.ContentType = "application/grpc";
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
        else
        {
            http.Response.ContentType = "application/x-protobuf";
        }
    }
}
