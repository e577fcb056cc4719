import Records
import Testing

@Suite struct `The running hash` {
    /// The test bytes of xxHash's own suite.
    private func sample(_ count: Int) -> [UInt8] {
        var generator: UInt64 = 2_654_435_761
        return (0..<count).map { _ in
            defer { generator &*= 11_400_714_785_074_694_797 }
            return UInt8(generator >> 56)
        }
    }

    @Test(
        arguments: [
            (0, 0xEF46_DB37_51D8_E999, 0xAC75_FDA2_929B_17EF),
            (1, 0xE934_A84A_DB05_2768, 0x5014_6076_43A9_B4C3),
            (3, 0xFF7E_1959_CB50_794A, 0xAA85_84E8_3660_F7D1),
            (4, 0x9136_A0DC_A574_57EE, 0xCAAB_286B_D8E9_FDB5),
            (8, 0xCDBC_F538_E71D_1348, 0xFE0C_047A_5353_CDAC),
            (14, 0x8282_DCC4_994E_35C8, 0xC3BD_6BF6_3DEB_6DF0),
            (31, 0x299B_39A2_90E6_D783, 0xDA67_3D5F_EB5C_1D79),
            (32, 0x18B2_1649_2BB4_4B70, 0xB3F3_3BDF_93AD_E409),
            (33, 0x55C8_DC3E_578F_5B59, 0xE92C_292F_64BC_3071),
            (222, 0xB641_AE8C_B691_C174, 0x20CB_8AB7_AE10_C14A),
            (2367, 0xA824_18DD_EC0E_A581, 0xA36A_93C1_8052_673A),
        ] as [(Int, UInt64, UInt64)])
    func `gives the published values`(_ count: Int, _ plain: UInt64, _ seeded: UInt64) {
        #expect(XXH64.hash(sample(count), seed: 0) == plain)
        #expect(XXH64.hash(sample(count), seed: 2_654_435_761) == seeded)
    }

    @Test func `runs on over payloads by its seed`() {
        let first = XXH64.hash(Array("abc".utf8), seed: 0)
        #expect(first == 0x44BC_2CF5_AD77_0999)
        #expect(XXH64.hash([], seed: first) != XXH64.hash([], seed: 0))
    }
}
