using System.Buffers;
using System.IO.Pipelines;
using Ambient.Core.Identity;
using Ambient.Discovery.Grpc;
using Ambient.Discovery.Publishing;
using Google.Protobuf.WellKnownTypes;
using Istio.V1.Auth;

namespace Ambient.Discovery.Subscribing;

/// <summary>Asks the CA for certificates: IstioCertificateService/CreateCertificate. Safe for use from several threads.</summary>
public sealed class CertificateClient(CertificateClientOptions options)
{
    private const int MaxResponseBytes = 1024 * 1024;

    /// <summary>One request; no retry.</summary>
    /// <param name="impersonated">Identity of a pod of the caller's node; null for the caller's own.</param>
    /// <param name="csrPem">PKCS#10, PEM.</param>
    /// <param name="lifetime">Wished.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>PEM, leaf first, roots last.</returns>
    /// <exception cref="CertificateRefusedException">The CA will not.</exception>
    /// <exception cref="GrpcException">Any other status.</exception>
    /// <exception cref="HttpRequestException">No connection.</exception>
    public async Task<IReadOnlyList<string>> CreateCertificateAsync(
        SpiffeId? impersonated, string csrPem, TimeSpan lifetime, CancellationToken ct)
    {
        var request = new IstioCertificateRequest { Csr = csrPem, ValidityDuration = (long)lifetime.TotalSeconds };
        if (impersonated is { } id)
        {
            request.Metadata = new Struct { Fields = { [CertificateCall.ImpersonatedIdentity] = Value.ForString(id.ToString()) } };
        }

        try
        {
            return await CallAsync(request, ct);
        }
        catch (GrpcException refused) when (refused.Status is GrpcStatus.PermissionDenied or GrpcStatus.InvalidArgument)
        {
            throw new CertificateRefusedException(refused.Message, refused);
        }
    }

    private async Task<IReadOnlyList<string>> CallAsync(IstioCertificateRequest request, CancellationToken ct)
    {
        var frame = new ArrayBufferWriter<byte>();
        GrpcFrame.Write(frame, request);
        using var channel = new GrpcChannel(options);
        using HttpResponseMessage response = await channel.SendAsync(
            DiscoveryEndpoints.CertificatePath, new ReadOnlyMemoryContent(frame.WrittenMemory), ct);
        GrpcResponse.RequireAccepted(response);
        PipeReader input = PipeReader.Create(await response.Content.ReadAsStreamAsync(ct));
        IstioCertificateResponse? answer = await GrpcFrame.ReadAsync(input, IstioCertificateResponse.Parser, MaxResponseBytes, ct);
        if (answer is not null && await GrpcFrame.ReadAsync(input, IstioCertificateResponse.Parser, MaxResponseBytes, ct) is not null)
        {
            throw new GrpcException(GrpcStatus.Internal, "the server answered more than once");
        }

        GrpcResponse.RequireOk(response.TrailingHeaders);
        return answer is null ? throw new GrpcException(GrpcStatus.Internal, "the server answered nothing") : [.. answer.CertChain];
    }
}
