namespace Ambient.Policy.Tokens;

internal enum TokenPlaceKind
{
    Header,
    Parameter,
    Cookie,
}
