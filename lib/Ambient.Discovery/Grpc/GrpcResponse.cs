using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Ambient.Discovery.Grpc;

/// <summary>Reads what a server says about the outcome: in the headers when it refuses at once, otherwise in the trailers.</summary>
internal static class GrpcResponse
{
    /// <exception cref="GrpcException">Not a gRPC answer, or a refusal.</exception>
    public static void RequireAccepted(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            GrpcStatus status = response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => GrpcStatus.Unauthenticated,
                HttpStatusCode.Forbidden => GrpcStatus.PermissionDenied,
                HttpStatusCode.NotFound => GrpcStatus.Unimplemented,
                HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable
                    or HttpStatusCode.GatewayTimeout => GrpcStatus.Unavailable,
                _ => GrpcStatus.Unknown,
            };
            throw new GrpcException(status, $"the server answered HTTP {(int)response.StatusCode}");
        }

        if (response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            throw new GrpcException(GrpcStatus.Unknown, "the server's answer is not gRPC");
        }

        if (response.Headers.Contains("grpc-status"))
        {
            RequireOk(response.Headers);
        }
    }

    /// <summary>After the last message.</summary>
    /// <exception cref="GrpcException">The call did not end well.</exception>
    public static void RequireOk(HttpHeaders trailers)
    {
        string? code = trailers.TryGetValues("grpc-status", out IEnumerable<string>? codes) ? codes.FirstOrDefault() : null;
        if (!int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out int status))
        {
            throw new GrpcException(GrpcStatus.Unknown, "the server ended the call without a status");
        }

        if (status != 0)
        {
            string message = trailers.TryGetValues("grpc-message", out IEnumerable<string>? texts) ? texts.FirstOrDefault() ?? "" : "";
            throw new GrpcException((GrpcStatus)status, $"{(GrpcStatus)status}: {GrpcText.Decode(message)}");
        }
    }
}
