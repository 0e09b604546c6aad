namespace Ambient.Compile.Gateways.Running;

/// <summary>Listeners of one family can share a port: something in their first bytes tells them apart.</summary>
internal enum ListenerFamily
{
    Http,
    Tls,
    Tcp,
    Hbone,
}
