using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ambient.Waypoint.Listening;

/// <summary>Kestrel for connections that come through tunnels or gateway listeners.</summary>
internal sealed class FrontServer : IAsyncDisposable
{
    private readonly FrontListeners _listeners = new();
    private readonly KestrelServer _kestrel;
    private readonly FrontApplication _application;

    // A line ends with CR LF and nothing else: where another server reads LF as no end, two requests would be one (RFC 9112 §2.2).
    static FrontServer() => AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

    internal FrontServer(FrontApplication application, ILoggerFactory loggers)
    {
        _application = application;
        _kestrel = new KestrelServer(Options.Create(OptionsOf(_listeners)), _listeners, new FrontLoggers(loggers));
    }

    internal Task StartAsync(CancellationToken ct) => _kestrel.StartAsync(_application, ct);

    /// <summary>Completes when the connection has ended.</summary>
    internal Task ServeAsync(FrontConnection connection, bool http2)
    {
        if (!(http2 ? _listeners.Http2 : _listeners.Http1).Offer(connection))
        {
            connection.Abort();
            return Task.CompletedTask;
        }

        return connection.Ended;
    }

    /// <summary>Connections end after the requests that they carry; when the token is cancelled they are cut.</summary>
    internal Task StopAsync(CancellationToken ct) => _kestrel.StopAsync(ct);

    public ValueTask DisposeAsync()
    {
        _kestrel.Dispose();
        return ValueTask.CompletedTask;
    }

    private static KestrelServerOptions OptionsOf(FrontListeners listeners)
    {
        var options = new KestrelServerOptions
        {
            AddServerHeader = false,
            AllowSynchronousIO = false,
            AllowAlternateSchemes = true,
            RequestHeaderEncodingSelector = static _ => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static _ => Encoding.Latin1,
        };
        Bound(options.Limits);
        foreach (FrontListener listener in (FrontListener[])[listeners.Http1, listeners.Http2])
        {
            options.Listen(listener.EndPoint, listen => listen.Protocols = ((FrontEndPoint)listen.EndPoint).Protocols);
        }

        return options;
    }

    // What a peer may cost: heads are bounded in bytes, lines and time; bodies in nothing but the window, since they are passed on as
    // they come and backends have limits of their own. Slow bodies are legitimate (streams), so no least rate.
    internal static void Bound(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxRequestHeadersTotalSize = 64 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestLineSize = 32 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(30);
        limits.KeepAliveTimeout = TimeSpan.FromHours(1);
        limits.Http2.MaxStreamsPerConnection = 200;
        limits.Http2.MaxRequestHeaderFieldSize = 32 * 1024;
        limits.Http2.MaxFrameSize = 16 * 1024;
        limits.Http2.InitialStreamWindowSize = 256 * 1024;
        limits.Http2.InitialConnectionWindowSize = 1024 * 1024;
    }
}
