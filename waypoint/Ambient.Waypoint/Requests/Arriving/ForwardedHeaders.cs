using System.Net;
using System.Runtime.CompilerServices;
using Ambient.Core.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ambient.Waypoint.Requests.Arriving;

/// <summary>
/// What the request tells of its way so far. A caller of the mesh may have got it from a gateway, so it is kept and continued; a verified identity
/// is written by us alone.
/// </summary>
internal sealed class ForwardedHeaders(Func<SpiffeId> own)
{
    public const string For = "X-Forwarded-For";
    public const string Proto = "X-Forwarded-Proto";
    public const string ClientCert = "X-Forwarded-Client-Cert";
    public const string RequestId = "X-Request-Id";

    private const int MaxRequestId = 128;

    private readonly ConditionalWeakTable<PeerIdentity, string> _certs = [];
    private readonly ConditionalWeakTable<RequestConnection, string> _addresses = [];

    public void Rewrite(Exchange x)
    {
        IHeaderDictionary headers = x.Headers;
        StringValues before = headers[For];
        x.Record.ForwardedFor = before.Count == 0 ? null : before.ToString();
        x.RemoteAddress = OriginalClient.Of(x.State.Snapshot, x.Connection, before);
        string source = _addresses.GetValue(x.Connection, static c => Plain(c.Source.Address).ToString());
        headers[For] = before.Count == 0 ? source : $"{before}, {source}";
        if (x.IsGateway || !headers.ContainsKey(Proto))
        {
            headers[Proto] = x.Record.Scheme;
        }

        if (x.Connection.Caller.VerifiedId is not null)
        {
            headers[ClientCert] = _certs.GetValue(x.Connection.Caller, c => $"By={own()};URI={c.VerifiedId}");
        }
        else if (x.Connection.ClientCertificate is { } certificate)
        {
            headers[ClientCert] = certificate;
        }
        else
        {
            headers.Remove(ClientCert);
        }

        x.Record.RequestId = headers[RequestId] is [{ Length: > 0 and <= MaxRequestId } id] ? id : NewId(headers);
    }

    private static string NewId(IHeaderDictionary headers)
    {
        string made = RequestIds.New();
        headers[RequestId] = made;
        return made;
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
