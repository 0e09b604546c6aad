using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ambient.Core.Policies.Providers;
using Ambient.Core.Routes;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using HeaderValue = Ambient.Core.Routes.HeaderValue;

namespace Ambient.Waypoint.Authorization;

/// <summary>What a gRPC provider says: status 0 allows, any other refuses; a call that did not end well is no answer.</summary>
internal static class GrpcAnswer
{
    private const int MaxMessage = 256 * 1024;

    /// <summary>Null: it failed.</summary>
    public static async ValueTask<ProviderAnswer?> ReadAsync(AuthorizationProvider provider, HttpResponseMessage answer, CancellationToken stop)
    {
        if (answer.StatusCode != HttpStatusCode.OK || Failed(answer.Headers, otherwise: false))
        {
            return null;
        }

        await using Stream stream = await answer.Content.ReadAsStreamAsync(stop);
        byte[] prefix = new byte[5];
        if (await stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, stop) < prefix.Length
            || prefix[0] != 0 || BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1)) is var length && length > MaxMessage)
        {
            return null;
        }

        byte[] message = new byte[length];
        await stream.ReadExactlyAsync(message, stop);
        if (await stream.ReadAsync(prefix, stop) != 0 || Failed(answer.TrailingHeaders, otherwise: true))
        {
            return null;
        }

        try
        {
            return Of(provider, CheckResponse.Parser.ParseFrom(message));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static bool Failed(HttpHeaders headers, bool otherwise) =>
        headers.NonValidated.TryGetValues("grpc-status", out HeaderStringValues status) ? status.ToString() != "0" : otherwise;

    private static ProviderAnswer Of(AuthorizationProvider provider, CheckResponse response)
    {
        if ((response.Status?.Code ?? 0) == 0 && response.DeniedResponse is null)
        {
            OkHttpResponse ok = response.OkResponse ?? new OkHttpResponse();
            return new ProviderAnswer
            {
                Allowed = true,
                RequestHeaders = new HeaderChange
                {
                    Remove = [.. ok.HeadersToRemove.Select(static n => n.ToLowerInvariant()).Where(static n => n.Length > 0 && n[0] != ':' && !HeaderPatterns.IsOfConnection(n))],
                    Set = Headers(ok.Headers, append: false),
                    Add = Headers(ok.Headers, append: true),
                },
                ResponseHeaders = [.. Headers(ok.ResponseHeadersToAdd, append: false), .. Headers(ok.ResponseHeadersToAdd, append: true)],
            };
        }

        DeniedHttpResponse denied = response.DeniedResponse ?? new DeniedHttpResponse();
        return new ProviderAnswer
        {
            Allowed = false,
            Status = denied.Status?.Code is >= 300 and < 600 and var status ? status : 403,
            Reason = $"denied by authorization provider {provider.Name}",
            Body = Encoding.UTF8.GetBytes(denied.Body),
            ResponseHeaders = [.. Headers(denied.Headers, append: false), .. Headers(denied.Headers, append: true)],
        };
    }

    private static ImmutableArray<HeaderValue> Headers(IEnumerable<HeaderValueOption> options, bool append) =>
    [
        .. options.Where(o => (o.Append ?? false) == append && o.Header is not null).Select(static o => new HeaderValue(
                o.Header.Key.ToLowerInvariant(), o.Header.RawValue.IsEmpty ? o.Header.Value : Encoding.Latin1.GetString(o.Header.RawValue.Span)))
            .Where(static h => IsName(h.Name) && !HeaderPatterns.IsOfConnection(h.Name) && !h.Value.AsSpan().ContainsAny('\r', '\n', '\0')),
    ];

    private static bool IsName(string name) => name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
