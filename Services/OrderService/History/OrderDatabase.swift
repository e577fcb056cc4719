import OrderServiceCore
import ProcessorKit
import Storage

extension ServiceDatabase {
    /// Order-service's schema.
    public static let orders = ServiceDatabase(service: "order-service", schema: OrderSchema.name) {
        () throws(MigrationError) in
        try Migrator(schema: OrderSchema.name, numbering: OrderSchema.migrations)
    }
}
