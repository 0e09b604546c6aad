using System.Net;
using System.Net.Http.Headers;
using Ambient.Routing.Rewriting;
using Ambient.Waypoint.Requests.Answering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace Ambient.Waypoint.Requests.Forwarding;

/// <summary>How heads pass: the request's to the endpoint, the answer's and its trailers' to the caller.</summary>
internal sealed class ForwardTransformer(Exchange x) : HttpTransformer
{
    // Each attempt has its own.
    private static readonly Uri s_later = new("http://endpoint/");

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        HttpContent? copied = proxyRequest.Content;
        RequestCopy.Fill(x, proxyRequest);
        // The forwarder wants its own content back; the sender puts ours in its place.
        (proxyRequest.Content, x.Content) = (copied, proxyRequest.Content);
        proxyRequest.RequestUri = s_later;
        return default;
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (x.Reply is { } own)
        {
            await OwnAnswer.WriteAsync(x, own);
            return false;
        }

        if (proxyResponse is null)
        {
            return false;
        }

        HttpResponse response = httpContext.Response;
        response.StatusCode = (int)proxyResponse.StatusCode;
        bool chunked = proxyResponse.Headers.NonValidated.Contains("Transfer-Encoding");
        Copy(proxyResponse.Headers, response.Headers, chunked);
        Copy(proxyResponse.Content.Headers, response.Headers, chunked);
        HeaderChanges.ApplyToResponse(x.Rule, x.Backend, new HeaderEditor(response.Headers));
        x.WriteAnswerHeaders(response.Headers);
        if (IsUpgrade(proxyResponse))
        {
            x.Clock.Stop();
        }
        else
        {
            proxyResponse.Content = new AnswerBody(proxyResponse.Content, x);
        }

        return true;
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        HttpResponseHeaders trailers = proxyResponse.TrailingHeaders;
        if (x.IsGrpc && trailers.NonValidated.TryGetValues("grpc-status", out HeaderStringValues status))
        {
            x.Record.GrpcStatus = GrpcText.Parse(status.ToString());
        }

        if (httpContext.Response.SupportsTrailers())
        {
            foreach ((string name, HeaderStringValues values) in trailers.NonValidated)
            {
                if (!HopHeaders.StayHere(name) && !IsReserved(name))
                {
                    httpContext.Response.AppendTrailer(name, Values(values));
                }
            }
        }

        return default;
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to, bool chunked)
    {
        foreach ((string name, HeaderStringValues values) in from.NonValidated)
        {
            if (HopHeaders.StayHere(name) || IsReserved(name))
            {
                continue;
            }

            // Where both are there the length is not to be trusted (RFC 9112 §6.3).
            if (!(chunked && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                to.Append(name, Values(values));
            }
        }
    }

    // Reasons are ours to give.
    private static bool IsReserved(string name) => name.StartsWith("ambient-", StringComparison.OrdinalIgnoreCase);

    private static StringValues Values(HeaderStringValues values)
    {
        if (values.Count <= 1)
        {
            return values.ToString();
        }

        string[] all = new string[values.Count];
        int i = 0;
        foreach (string value in values)
        {
            all[i++] = value;
        }

        return all;
    }

    private static bool IsUpgrade(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.SwitchingProtocols
        || (response.StatusCode == HttpStatusCode.OK && response.RequestMessage?.Headers.Protocol is not null);
}
