using System.Text;
using Ambient.Core.Routes;
using Microsoft.AspNetCore.Http;

namespace Ambient.Waypoint.Requests.Answering;

/// <summary>Writes an <see cref="OwnReply"/>. gRPC callers get it as an answer of headers only, so that their libraries see a status.</summary>
internal static class OwnAnswer
{
    public static Task WriteAsync(Exchange x, OwnReply reply)
    {
        Note(x.Record, reply);
        HttpResponse response = x.Http.Response;
        if (response.HasStarted)
        {
            x.Http.Abort();
            return Task.CompletedTask;
        }

        bool grpc = x.IsGrpc && !reply.AsHttp;
        response.StatusCode = grpc ? StatusCodes.Status200OK : reply.Status;
        if (reply.Code.Length > 0)
        {
            response.Headers[ReasonCodes.Header] = reply.Code;
        }

        // Where its end is cannot be trusted: what comes after it on the connection is no request.
        if (reply.Code is ReasonCodes.Smuggling or ReasonCodes.BadRequest && x.Http.Request.Protocol is "HTTP/1.1" or "HTTP/1.0")
        {
            response.Headers.Connection = "close";
        }

        x.WriteAnswerHeaders(response.Headers);
        foreach (HeaderValue header in reply.Headers)
        {
            response.Headers.Append(header.Name, header.Value);
        }

        return grpc ? HeadersOnly(x, reply) : WithBodyAsync(x, reply);
    }

    /// <summary>What the record keeps of it.</summary>
    public static void Note(RequestRecord record, OwnReply reply)
    {
        record.Flags |= reply.Flags;
        if (reply.Code.Length > 0)
        {
            record.Reason = reply.Code;
            record.Detail = reply.Detail;
        }
    }

    private static Task HeadersOnly(Exchange x, OwnReply reply)
    {
        IHeaderDictionary headers = x.Http.Response.Headers;
        headers.ContentType = "application/grpc";
        headers.GrpcStatus = GrpcText.Status(reply.EffectiveGrpcStatus);
        headers.GrpcMessage = GrpcText.Message(reply.Detail);
        x.Record.GrpcStatus = reply.EffectiveGrpcStatus;
        return x.Http.Response.CompleteAsync();
    }

    private static async Task WithBodyAsync(Exchange x, OwnReply reply)
    {
        HttpResponse response = x.Http.Response;
        if (response.StatusCode is 204 or 205 or 304 or < 200)
        {
            return;
        }

        ReadOnlyMemory<byte> body = reply.Body ?? Encoding.UTF8.GetBytes(reply.Detail.Length > 0 ? reply.Detail + "\n" : "");
        if (reply.Body is null && body.Length > 0)
        {
            response.ContentType ??= "text/plain";
        }

        response.ContentLength = body.Length;
        if (body.Length > 0 && !HttpMethods.IsHead(x.Http.Request.Method))
        {
            x.Record.ResponseBytes = body.Length;
            await response.Body.WriteAsync(body, x.Http.RequestAborted);
        }
    }
}
