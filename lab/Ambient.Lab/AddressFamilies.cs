namespace Ambient.Lab;

/// <summary>Which addresses nodes, pods and services of a lab have.</summary>
public enum AddressFamilies
{
    IPv4,
    IPv6,

    /// <summary>Both; IPv4 is the primary one.</summary>
    Dual,
}
