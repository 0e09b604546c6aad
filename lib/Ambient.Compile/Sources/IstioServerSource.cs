using System.Collections.Immutable;
using Ambient.Core.Gateways;

namespace Ambient.Compile.Sources;

/// <summary>A server of an Istio Gateway. <paramref name="Credentials"/>: names of Secrets in the namespace of the gateway's pods.</summary>
/// <param name="Name">Unique within its Gateway; holds a colon, which no listener of the Gateway API's does.</param>
/// <param name="Hosts">Namespace (<c>*</c>: any) and host, lower-case.</param>
/// <param name="Authority">Secret of the clients' authority where it has one of its own; empty: the credential's.</param>
/// <param name="Problem">Why the server refuses everything; null: it does not.</param>
internal sealed record IstioServerSource(
    string Path,
    string Name,
    int Port,
    ListenerProtocol Protocol,
    ImmutableArray<(string Namespace, string Host)> Hosts,
    bool HttpsRedirect,
    bool MeshOnly,
    ImmutableArray<string> Credentials,
    string Authority,
    ClientVerification Clients,
    ImmutableArray<string> ClientNames,
    ListenerTlsVersion MinVersion,
    ListenerTlsVersion MaxVersion,
    string? Problem)
{
    public bool EndsTls => !MeshOnly && Protocol is ListenerProtocol.Https or ListenerProtocol.TlsTerminate;

    public bool IsHttp => Protocol is ListenerProtocol.Http or ListenerProtocol.Https;
}
