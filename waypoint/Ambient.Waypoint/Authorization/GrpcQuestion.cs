using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ambient.Core.Identity;
using Ambient.Core.Policies.Providers;
using Ambient.Waypoint.Upstreams;
using Envoy.Service.Auth.V3;
using Google.Protobuf;

namespace Ambient.Waypoint.Authorization;

/// <summary>The request in question as envoy.service.auth.v3.Authorization/Check: everything that is known of it, all headers included.</summary>
internal static class GrpcQuestion
{
    private const string Path = "envoy.service.auth.v3.Authorization/Check";

    public static HttpRequestMessage Of(AuthorizationProvider provider, UpstreamKey key, ProviderQuestion question, ReadOnlyMemory<byte> body)
    {
        byte[] message = MessageOf(question, body).ToByteArray();
        byte[] framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, 5);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(key.Prefix + Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        request.Headers.TryAddWithoutValidation("grpc-timeout", $"{(long)Math.Max(1, provider.Timeout.TotalMilliseconds)}m");
        request.Headers.Host = $"{provider.Service}:{provider.Port}";
        return request;
    }

    private static CheckRequest MessageOf(ProviderQuestion question, ReadOnlyMemory<byte> body)
    {
        Policy.Requests.AuthorizationRequest asked = question.Request;
        var http = new AttributeContext.Types.HttpRequest
        {
            Id = question.Headers["x-request-id"].ToString(),
            Method = asked.Method,
            Path = question.Target,
            Host = asked.Authority,
            Scheme = question.Scheme,
            Size = question.Headers.ContentLength ?? -1,
            Protocol = question.Protocol,
        };
        foreach (var (name, values) in question.Headers)
        {
            http.Headers[name.ToLowerInvariant()] = values.ToString();
        }

        http.Headers[":method"] = asked.Method;
        http.Headers[":path"] = http.Path;
        http.Headers[":authority"] = http.Host;
        http.Headers[":scheme"] = question.Scheme;
        if (!body.IsEmpty)
        {
            http.RawBody = ByteString.CopyFrom(body.Span);
            http.Body = System.Text.Unicode.Utf8.IsValid(body.Span) ? Encoding.UTF8.GetString(body.Span) : "";
        }

        var context = new AttributeContext
        {
            Source = new AttributeContext.Types.Peer { Address = Of(new IPEndPoint(asked.SourceAddress, 0)), Principal = (asked.Peer as PeerIdentity.Verified)?.Id.ToString() ?? "" },
            Destination = new AttributeContext.Types.Peer { Address = Of(asked.Destination) },
            Request = new AttributeContext.Types.Request { Http = http },
        };
        if (asked.ServerName is { } serverName)
        {
            context.TlsSession = new AttributeContext.Types.TLSSession { Sni = serverName };
        }

        return new CheckRequest { Attributes = context };
    }

    private static Address Of(IPEndPoint point) => new() { SocketAddress = new Envoy.Service.Auth.V3.SocketAddress { Address = point.Address.ToString(), PortValue = (uint)point.Port } };
}
