using System.Globalization;
using Ambient.Core.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Ambient.Discovery.Grpc;

/// <summary>One call on the server: headers first, the handler's messages, and the status as trailers whatever happens.</summary>
internal static partial class GrpcServerCall
{
    public static async Task RunAsync(HttpContext context, ILogger logger, Func<HttpContext, CancellationToken, Task> handler)
    {
        if (!HttpProtocol.IsHttp2(context.Request.Protocol) || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        LiftBodyLimits(context);
        context.Response.ContentType = "application/grpc";
        GrpcStatus status = GrpcStatus.Ok;
        string message = "";
        try
        {
            await handler(context, context.RequestAborted);
        }
        catch (GrpcException refused)
        {
            (status, message) = (refused.Status, refused.Message);
        }
        catch (CertificateRefusedException refused)
        {
            (status, message) = (GrpcStatus.PermissionDenied, refused.Message);
        }
        catch (OperationCanceledException)
        {
            (status, message) = (GrpcStatus.Cancelled, "cancelled");
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure)
        {
            // The caller learns that, not why; why is in our log.
            Log.CallFailed(logger, failure, context.Request.Path);
            (status, message) = (GrpcStatus.Internal, "internal error");
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            context.Response.AppendTrailer("grpc-status", ((int)status).ToString(CultureInfo.InvariantCulture));
            if (message.Length > 0)
            {
                context.Response.AppendTrailer("grpc-message", GrpcText.Encode(message));
            }
        }
    }

    // A stream is one request whose body trickles for hours.
    private static void LiftBodyLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "call {Path} failed", EventName = "CallFailed")]
        public static partial void CallFailed(ILogger logger, Exception cause, string path);
    }
}
