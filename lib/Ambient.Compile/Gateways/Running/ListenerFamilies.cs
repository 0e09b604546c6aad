using Ambient.Core.Gateways;

namespace Ambient.Compile.Gateways.Running;

internal static class ListenerFamilies
{
    public static ListenerFamily Of(ListenerProtocol protocol) => protocol switch
    {
        ListenerProtocol.Http => ListenerFamily.Http,
        ListenerProtocol.Https or ListenerProtocol.TlsPassthrough or ListenerProtocol.TlsTerminate or ListenerProtocol.AutoPassthrough => ListenerFamily.Tls,
        ListenerProtocol.Hbone => ListenerFamily.Hbone,
        _ => ListenerFamily.Tcp,
    };
}
