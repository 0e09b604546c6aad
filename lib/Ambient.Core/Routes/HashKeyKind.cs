namespace Ambient.Core.Routes;

public enum HashKeyKind
{
    Header,
    Cookie,
    SourceAddress,
    QueryParameter,
}
