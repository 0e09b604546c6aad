using System.Net;
using Ambient.Core.Routes;
using Ambient.Core.Services;
using Ambient.Waypoint.Requests.Answering;
using Ambient.Waypoint.Requests.Mirroring;
using Ambient.Waypoint.Upstreams.Clusters;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>To the endpoint and back.</summary>
internal sealed class ForwardStep(ForwardParts parts, Mirrors mirrors)
{
    // Streams may be quiet for as long as they like; what is cut is cut by the request's own time or by the connection's end.
    private static readonly ForwarderRequestConfig s_http11 = ConfigOf(HttpVersion.Version11);
    private static readonly ForwarderRequestConfig s_http2 = ConfigOf(HttpVersion.Version20);

    public Task SendAsync(Exchange x)
    {
        if (x.Body is null)
        {
            x.Clock.RequestEnded();
        }

        if (x.Clock.IsOver)
        {
            x.ClusterState!.Outliers?.Forget(x.Endpoint!.Id);
            return OwnAnswer.WriteAsync(x, FailureReply.Late(x));
        }

        RetryWish.TakeAway(x);
        RequestCopy.Change(x);
        mirrors.Start(x);
        return ForwardAsync(x);
    }

    private async Task ForwardAsync(Exchange x)
    {
        Attempts attempts = new(x, parts);
        bool broken = false;
        try
        {
            ForwarderError error = await parts.Forwarder.SendAsync(
                x.Http, "http://endpoint/", attempts, SpeaksHttp2(x) ? s_http2 : s_http11, new ForwardTransformer(x), x.Clock.Token);
            if (error != ForwarderError.None)
            {
                broken = Endings.IsEndpointsFault(error) && !x.Clock.IsOver;
                await Endings.AfterAsync(x, error);
            }
        }
        finally
        {
            if (x.Body is { } body)
            {
                await body.StopAsync();
            }

            attempts.End(x.CallerLeft, broken);
            attempts.Dispose();
        }
    }

    private static bool SpeaksHttp2(Exchange x)
    {
        ClusterState state = x.ClusterState!;
        bool client = x.Http.Request.Protocol is not "HTTP/1.1" and not "HTTP/1.0";
        bool declared = state.Protocol is AppProtocol.Http2 or AppProtocol.Grpc;
        if (x.IsWebSocket)
        {
            return declared; // few servers know them over HTTP/2
        }

        return state.Policy.ConnectionPool.Protocol switch
        {
            UpstreamProtocol.Http2 => true,
            UpstreamProtocol.Http11 => x.IsGrpc || declared,
            UpstreamProtocol.AsClient => client,
            _ => state.Protocol switch
            {
                AppProtocol.Http2 or AppProtocol.Grpc => true,
                AppProtocol.Http11 => x.IsGrpc && client,
                _ => client,
            },
        };
    }

    private static ForwarderRequestConfig ConfigOf(Version version) => new()
    {
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        AllowResponseBuffering = true,
    };
}
