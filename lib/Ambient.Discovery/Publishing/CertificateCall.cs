using Ambient.Core.Identity;
using Ambient.Discovery.Grpc;
using Google.Protobuf.WellKnownTypes;
using Istio.V1.Auth;
using Microsoft.AspNetCore.Http;

namespace Ambient.Discovery.Publishing;

/// <summary>IstioCertificateService/CreateCertificate, served. Whether the caller may have the identity is the issuer's decision.</summary>
internal sealed class CertificateCall(
    Func<Caller, SpiffeId?, string, TimeSpan, CancellationToken, Task<IReadOnlyList<string>>> issue, ICallerAuthenticator authenticator)
{
    public const string ImpersonatedIdentity = "ImpersonatedIdentity";

    private const int MaxRequestBytes = 64 * 1024;
    private const long MaxSeconds = 10L * 365 * 24 * 3600;

    public async Task RunAsync(HttpContext context, CancellationToken ct)
    {
        Caller caller = await BearerToken.RequireAsync(context, authenticator, ct);
        IstioCertificateRequest request =
            await GrpcFrame.ReadAsync(context.Request.BodyReader, IstioCertificateRequest.Parser, MaxRequestBytes, ct)
            ?? throw new GrpcException(GrpcStatus.InvalidArgument, "the request is missing");
        TimeSpan lifetime = TimeSpan.FromSeconds(Math.Clamp(request.ValidityDuration, 0, MaxSeconds));
        IReadOnlyList<string> chain = await issue(caller, ImpersonatedOf(request), request.Csr, lifetime, ct);
        GrpcFrame.Write(context.Response.BodyWriter, new IstioCertificateResponse { CertChain = { chain } });
        await context.Response.BodyWriter.FlushAsync(ct);
    }

    private static SpiffeId? ImpersonatedOf(IstioCertificateRequest request)
    {
        if (request.Metadata is null || !request.Metadata.Fields.TryGetValue(ImpersonatedIdentity, out Value? value))
        {
            return null;
        }

        return value.KindCase == Value.KindOneofCase.StringValue && SpiffeId.TryParse(value.StringValue, out SpiffeId id)
            ? id
            : throw new GrpcException(GrpcStatus.InvalidArgument, $"{ImpersonatedIdentity} is not a SPIFFE id");
    }
}
