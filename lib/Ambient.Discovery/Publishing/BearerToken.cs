using Ambient.Discovery.Grpc;
using Microsoft.AspNetCore.Http;

namespace Ambient.Discovery.Publishing;

/// <summary>Who is calling; nobody gets further without.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";
    private const int MaxLength = 16 * 1024;

    /// <exception cref="GrpcException">UNAUTHENTICATED.</exception>
    public static async ValueTask<Caller> RequireAsync(HttpContext context, ICallerAuthenticator authenticator, CancellationToken ct)
    {
        string? header = context.Request.Headers.Authorization.Count == 1 ? context.Request.Headers.Authorization[0] : null;
        if (header is null || header.Length > MaxLength || !header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new GrpcException(GrpcStatus.Unauthenticated, "a bearer token is required");
        }

        return await authenticator.AuthenticateAsync(header[Scheme.Length..].Trim(), ct)
            ?? throw new GrpcException(GrpcStatus.Unauthenticated, "the token is not valid here");
    }
}
